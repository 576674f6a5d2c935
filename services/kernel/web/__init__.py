"""What every HTTP interface shares: who calls, problem documents, paging, repeated writes, health."""
