-- What a message writes lies together: a commit costs what its pages cost, and a page is written whole.

-- What every message changes of its conversation. Rows are so short that those of a hundred conversations lie on one page,
-- which one transaction writes once.
create table heads (
    conversation integer primary key references conversations (number) on delete cascade,
    -- The log's last position, and the row that has it; null while the log is empty.
    head integer not null,
    last_event integer,
    last_message integer,
    waiting_since integer,
    spoke_at integer
) strict;

insert into heads (conversation, head, last_event, last_message, waiting_since)
select
    number,
    head,
    (select id from events where events.conversation = number and events.seq = head),
    json_extract(record, '$.last_message'),
    json_extract(record, '$.waiting_since')
from conversations;

-- The logs. Rows lie in order of arrival, so that one transaction writes few pages however many conversations it
-- holds. The order within a conversation is a chain from its last event back to its first.
create table chained (
    id integer primary key,
    conversation integer not null references conversations (number),
    seq integer not null,
    -- The row of the position before; null for the first.
    previous integer,
    message text not null,
    timestamp integer not null,
    author text not null,
    client_id text,
    -- Which version of the session it has; null if none.
    revision integer,
    event text not null,
    -- Of conversation, position, revision and event, checked by every reader: SQLite itself does not notice a flipped bit.
    checksum integer not null
) strict;

insert into chained
    (id, conversation, seq, previous, message, timestamp, author, client_id, revision, event, checksum)
select
    id, conversation, seq, lag(id) over (partition by conversation order by seq),
    message, timestamp, author, client_id, revision, event, checksum
from events;

drop table events;
alter table chained rename to events;

-- Where a long chain can be entered. An index of every position would be half of all pages that a busy relay writes: each
-- conversation's newest entry lies on a page of its own.
create unique index events_marked on events (conversation, seq) where seq % 32 = 0;
-- The promise that a repeated client id makes no second event. The id leads because ids are made in order of time.
create unique index events_by_client_id on events (client_id, author) where client_id is not null;
create index events_by_message on events (message);

alter table conversations drop column head;
update conversations set record = json_remove(record, '$.head', '$.last_message', '$.waiting_since');
