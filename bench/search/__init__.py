"""Search beside its peers: a made corpus, growth, relevance and hostile queries."""
