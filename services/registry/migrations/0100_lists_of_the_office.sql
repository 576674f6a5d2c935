-- Whether an officer of the district entered the list, who then cannot approve it: it waits for the approver.
alter table change_lists add column by_office boolean not null default false;
