"""The party's own organisation and its own work: places, branches, people and roles, the audit."""
