"""What a training writes to be used again: tensors, and a record of what they belong to; nothing in them is believed unread."""
