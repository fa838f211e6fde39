//! A real Chromium, driven through WebDriver.
