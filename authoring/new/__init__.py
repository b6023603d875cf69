"""Begins courses, modules and questions: files that can be built at once, for an author to write over."""
