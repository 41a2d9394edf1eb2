import type { ComponentChildren } from 'preact';
import './guard-elements.ts';

export interface PageProps {
  language: string;
  title: string;
  /** Addresses of stylesheets and scripts: `StaticFiles.address`. Scripts run after the page is there. */
  styles: readonly string[];
  scripts?: readonly string[];
  icon?: string;
  /** Where there is no JavaScript the page loads itself again after so many seconds. */
  refreshAfterS?: number;
  children: ComponentChildren;
}

/** The shell of every page. Nothing of it is inline, so that the policy can forbid that. */
export function Page({ language, title, styles, scripts = [], icon, refreshAfterS, children }: PageProps) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        {styles.map((address) => (
          <link key={address} rel="stylesheet" href={address} />
        ))}
        {icon && <link rel="icon" type="image/svg+xml" href={icon} />}
        {scripts.map((address) => (
          <script key={address} src={address} defer />
        ))}
        {refreshAfterS !== undefined && (
          <noscript>
            <meta http-equiv="refresh" content={String(refreshAfterS)} />
          </noscript>
        )}
      </head>
      <body>{children}</body>
    </html>
  );
}
