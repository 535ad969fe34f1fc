"""`make faults OFFICIAL=1`."""

from faults.official_comparison import main

if __name__ == "__main__":
    main()
