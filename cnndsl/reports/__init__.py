"""What people read about a network: tables and pictures. Each report is imported by whoever asks for it."""
