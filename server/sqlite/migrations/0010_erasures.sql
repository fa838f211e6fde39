-- Customers whose data was erased: what proved them before is good for nothing. A row goes when no such proof can be good.
create table erased_customers (
    customer text primary key,
    at integer not null,
    -- While the erasure is under way: who asked for it. Then null.
    requested_by text,
    -- Whether conversations and records are erased; what the customer says after that is new.
    emptied integer not null default 0,
    conversations integer not null default 0,
    events integer not null default 0,
    files integer not null default 0,
    activities integer not null default 0
) strict, without rowid;

create index erasures_under_way on erased_customers (at) where requested_by is not null;

-- The record: that it was done, when, at whose wish, and of how much. It names no customer, and is only added to.
create table erasures (
    id integer primary key autoincrement,
    requested_by text not null,
    begun_at integer not null,
    ended_at integer not null,
    conversations integer not null,
    events integer not null,
    files integer not null,
    activities integer not null
) strict;

create trigger erasures_stay_as_they_are before update on erasures begin
    select raise(abort, 'the record of erasures is only added to');
end;
create trigger erasures_stay before delete on erasures begin
    select raise(abort, 'the record of erasures is only added to');
end;

create index files_of_conversation on files (conversation) where conversation is not null;

-- Visitors whose chat became a known customer's, by that customer.
create index customers_linked on customers (record ->> '$.linkedTo.customer')
where record ->> '$.linkedTo.customer' is not null;
