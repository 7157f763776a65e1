"""Pictures and pages to look at: the report of a training, and what a network has learnt."""
