-- Colleagues' word that two customers are one person, and that they are not after all. Nothing of either moves: what is shown and
-- looked up as one follows from the rows that stand.
create table customer_merges (
    number integer primary key,
    customer text not null references customers (id) on delete cascade,
    into_customer text not null references customers (id) on delete cascade,
    merged_by text not null,
    merged_at integer not null,
    undone_by text,
    -- Null while it stands.
    undone_at integer
) strict;

create unique index merges_standing on customer_merges (customer) where undone_at is null;
create index merges_of on customer_merges (customer, number);
create index merges_into on customer_merges (into_customer, number);

-- As whose an identity is shown: its customer's, or that of the one into which this was merged. It follows from the merges.
alter table customer_identities add column person text not null default '';
update customer_identities set person = customer;
drop index customers_by_identity;
create index customers_by_identity on customer_identities (channel, key, person);
