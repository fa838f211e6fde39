-- What records of the audit log call a customer. Its id can follow from what its site calls it, and could be told by that from a log that
-- stays for good; this is random, and goes with the customer.
create table audit_customers (
    customer text primary key references customers (id) on delete cascade,
    name text not null unique
) strict, without rowid;
