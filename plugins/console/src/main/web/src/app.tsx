import { useEffect, useState } from 'preact/hooks';
import { Login, Lapsed } from './pages/login';
import { place, to } from './router';
import { lapsed, renew, who } from './session';
import { Shell } from './shell';
import { Toasts } from './ui/toast';
import { Overview } from './pages/overview/overview';
import { Routes } from './pages/routes/routes';
import { RoutePage } from './pages/routes/route';
import { Requests } from './pages/requests/requests';
import { RequestPage } from './pages/requests/request';
import { TryPage } from './pages/requests/try';
import { Plugins } from './pages/plugins/plugins';
import { MarketPage } from './pages/market/market';
import { MapPage } from './pages/map/map';
import { Consumers } from './pages/people/consumers';
import { Security } from './pages/people/security';
import { History } from './pages/history/history';
import { drafts } from './pages/routes/draft';

export function App() {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    void resume().then(() => setAsked(true));
  }, []);
  return (
    <>
      {who.value ? (
        <>
          <Shell>
            <Page />
          </Shell>
          {lapsed.value && <Lapsed />}
        </>
      ) : (
        asked && <Login />
      )}
      <Toasts />
    </>
  );
}

/** Goes on with the session that the browser has, if there is one, as soon as the gateway answers. */
async function resume() {
  await renew();
}

function Page() {
  const [page, one] = place.value.path;
  switch (page) {
    case undefined:
      return <Overview />;
    case 'map':
      return <MapPage />;
    case 'routes':
      return one ? <RoutePage key={one} name={one} /> : <Routes />;
    case 'requests':
      return one ? <RequestPage key={one} id={one} /> : <Requests />;
    case 'try':
      return <TryPage />;
    case 'plugins':
      return <Plugins open={one} />;
    case 'market':
      return <MarketPage open={one} />;
    case 'consumers':
      return <Consumers />;
    case 'security':
      return <Security />;
    case 'history':
      return <History />;
    default:
      return (
        <div class="empty">
          <h1>There is no such page</h1>
          <p>
            Go to the <a href={to([])}>overview</a>.
          </p>
        </div>
      );
  }
}

// What was changed and not applied would be lost with the page.
addEventListener('beforeunload', (event) => {
  if (Object.keys(drafts.value).length > 0 && who.value) {
    event.preventDefault();
  }
});
