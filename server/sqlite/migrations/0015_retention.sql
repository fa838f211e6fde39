-- On which channel a conversation is, and when it ended while it is closed and not erased: what a channel keeps for a time only is
-- found by these. A record that cannot be read says neither.
alter table conversations add column channel text not null default '';
alter table conversations add column over_since integer;
update conversations set
    channel = case when json_valid(record) then coalesce(cast(record ->> '$.channel' as text), '') else '' end,
    over_since = case when json_valid(record) then
        case when json_type(record, '$.ended_at') = 'integer' and record ->> '$.state' = 'CLOSED'
            and record ->> '$.erased' is null
        then record ->> '$.ended_at' end
    end;
create index conversations_over on conversations (channel, over_since) where over_since is not null;

-- How far a channel's rule is trusted, by which conversations go.
create table retention (
    channel text primary key,
    days integer not null,
    -- When conversations last could go by it; null while the rule is new.
    trusted_at integer,
    -- For how long a running relay has waited with a new rule, or with a time of day far ahead of trusted_at.
    waited_ms integer not null
) strict, without rowid;

-- By which rule it was erased, where the relay did so by itself.
alter table erased_customers add column channel text;
alter table erased_customers add column days integer;
alter table erasures add column channel text;
alter table erasures add column days integer;
