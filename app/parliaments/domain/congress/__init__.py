"""The United States Congress: rows as congress.gov lists them, and what they do to their bill."""
