"""What people type about measures. Forms parse; whether a thing may be so is said by actions."""
