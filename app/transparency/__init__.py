"""The journal as a Merkle log that strangers can check: tree, proofs, signed checkpoints, tiles."""
