-- Who did what to which object. Each record has the hash of the one before and of its own content, see `audit` of portico-core.
create table audit (
    number integer primary key,
    at integer not null,
    actor_kind text not null,
    actor_id text not null,
    actor_name text not null,
    action text not null,
    object_kind text not null,
    object_id text not null,
    -- A JSON object of texts.
    detail text not null,
    hash blob not null
) strict;

create index audit_of_action on audit (action, number);
create index audit_by_time on audit (at);

create trigger audit_stays_as_it_is before update on audit begin
    select raise(abort, 'the audit log is only added to');
end;
create trigger audit_stays before delete on audit begin
    select raise(abort, 'the audit log is only added to');
end;
-- Replacing a row is an insertion for SQLite.
create trigger audit_grows_at_its_end before insert on audit
when new.number <= (select max(number) from audit) begin
    select raise(abort, 'the audit log is only added to');
end;
