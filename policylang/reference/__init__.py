"""The oracle: what the rules mean, executed in the slowest and most obvious way. It knows no stage, plan or index."""
