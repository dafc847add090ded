"""Speed, as ratios measured side by side in one run: this machine's figures mean little, their order means a lot."""
