"""What a person sees and does in a real browser: Chromium of Debian, driven by Playwright."""
