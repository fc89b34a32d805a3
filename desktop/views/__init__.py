"""The parts of the window. Each shows a state and says what the user did; none knows another."""
