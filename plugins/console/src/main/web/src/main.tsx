import { render } from 'preact';
import './style/main.css';
import { App } from './app';

render(<App />, document.getElementById('app')!);
