"""What may be stored: the rules of each kind of policy, with the words in which AWS refuses."""
