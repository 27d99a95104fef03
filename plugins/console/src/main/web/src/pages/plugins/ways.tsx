import { to } from '../../router';
import { may } from '../../session';

/** Between what is installed and what could be. */
export function Ways({ here }: { here: 'plugins' | 'market' }) {
  return may('admin') ? (
    <nav class="choice" aria-label="Plugins">
      <a href={to(['plugins'])} aria-current={here === 'plugins' ? 'page' : undefined}>
        Installed
      </a>
      <a href={to(['market'])} aria-current={here === 'market' ? 'page' : undefined}>
        Marketplaces
      </a>
    </nav>
  ) : null;
}
