"""What xAPI says and what counts as evidence, as plain functions: no Flask, no SQL, no clock of their own."""
