"""What takes minutes, fails at random or cancels at random, behind ``make stress``; each module is one kind of it."""
