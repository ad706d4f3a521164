"""Rows of what is digitised: batches, documents, pages and what people made of them."""
