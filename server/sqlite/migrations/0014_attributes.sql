-- What is noted of customers, by keys of the configuration.
create table customer_attributes (
    customer text not null references customers (id) on delete cascade,
    key text not null,
    value text not null,
    primary key (customer, key)
) strict, without rowid;
