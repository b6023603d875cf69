"""What the Welsh side of a course lacks, the round trip to a translator, agreed terms and spelling."""
