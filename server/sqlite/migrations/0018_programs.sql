-- Bots and apps that are registered while the relay runs, and when keys were used last.
create table programs (
    id text primary key,
    record text not null
) strict, without rowid;

alter table credentials add column prefix text;
alter table credentials add column used_at integer;
alter table credentials add column used_from text;
