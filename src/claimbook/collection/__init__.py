"""Tables in, of any spreadsheet; codebook, vocabulary, checks, quotes; a collection out."""
