-- Files of an owner that were not posted yet, which are few, among all that were, which are not.
create index files_waiting on files (owner) where state in ('uploading', 'complete');
