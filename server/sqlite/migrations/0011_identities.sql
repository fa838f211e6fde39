-- What is said of customers besides that by which they are found (`identities`): addresses, numbers, what apps call them. The
-- same may be said of several customers.
create table customer_identities (
    customer text not null references customers (id) on delete cascade,
    channel text not null,
    -- As it is compared; `identifier` is how it was written.
    key text not null,
    said_by text not null check (said_by in ('relay', 'site', 'app', 'agent', 'customer')),
    identifier text not null,
    -- Null where it was known before there was this table.
    said_at integer,
    primary key (customer, channel, key, said_by)
) strict, without rowid;

create index customers_by_identity on customer_identities (channel, key, customer);

-- The words by which customers are looked up. They follow from what is known of a customer, and are filled in by the program.
create table customer_words (
    word text not null,
    customer text not null references customers (id) on delete cascade,
    primary key (word, customer)
) strict, without rowid;

create index words_of_customer on customer_words (customer, word);
