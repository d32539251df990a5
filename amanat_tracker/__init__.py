"""The site: settings, addresses, the generic page kinds, navigation, languages."""
