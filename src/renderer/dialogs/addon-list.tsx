import { useAppState } from '../app-context';
import { AddonItem } from './addon-item';
import './addon-list.css';

const NONE: readonly never[] = [];

export function AddonList() {
  const addons = useAppState((state) => state.model.host?.addons ?? NONE);
  if (addons.length === 0) return <p className="dim">No add-ons were found.</p>;
  return (
    <ul className="addons" aria-label="Add-ons">
      {addons.map((addon) => (
        <AddonItem key={addon.manifest.id} addon={addon} />
      ))}
    </ul>
  );
}
