-- What an app knows of a customer is asked for as of a time, newest first. The time stands in the index, so that what came
-- later, which may be much, is neither read nor parsed.
drop index activities_of_customer;
create index activities_of_customer on activities (customer, event ->> '$.timestamp', id);
