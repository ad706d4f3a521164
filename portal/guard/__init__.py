"""Who may send what to the portal, from where and how often."""
