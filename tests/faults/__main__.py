"""`make faults OFFICIAL=1`."""

from faults.beside import main

if __name__ == "__main__":
    main()
