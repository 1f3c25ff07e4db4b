"""The tree nation → province → city → county → (department | township → school), and the history of schools."""
