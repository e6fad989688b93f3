"""Generated faults, and the rules that every order must keep however its life is disturbed."""
