-- When a delivery was due for the first time. What has waited long enough for a bot that is away is given up by it, whether or
-- not it was called meanwhile to find out whether the bot is back.
alter table deliveries add column waits_since integer;
update deliveries set waits_since = coalesce(claimed_from, due_at);
create index deliveries_waiting on deliveries (target, waits_since, id) where place = 'next';
