-- Labels of customers, by their ids in the configuration.
create table customer_labels (
    customer text not null references customers (id) on delete cascade,
    label text not null,
    primary key (customer, label)
) strict, without rowid;
