// An OpenID provider on this machine for tests: `oidc-provider` with its own rules, and people who sign in without a form.
//
//   node provider.js MODULE PORT REDIRECT_URI SECRET
//
// PUT /people/NAME says what its tokens claim of a person; /interaction/ID?as=NAME signs that person in, and without a name has a link
// for each. Each start has fresh keys.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [module, port, redirect, secret] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(module));

const people = new Map();
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "portico", client_secret: secret, redirect_uris: [redirect] }],
  jwks: { keys: [key] },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true, methods: ["S256"] },
  conformIdTokenClaims: false,
  claims: { openid: ["sub"], profile: ["given_name", "family_name", "preferred_username", "groups"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
});

async function signIn(request, response, person) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: person, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId: person, remember: false }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

function offer(response) {
  const links = [...people.keys()].map((person) => `<p><a href="?as=${person}">${person}</a></p>`);
  response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Who are you?</title>${links.join("")}`);
}

async function claim(request, response, person) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  people.set(person, JSON.parse(Buffer.concat(chunks)));
  response.writeHead(204).end();
}

const answer = provider.callback();
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, provider.issuer);
  if (pathname.startsWith("/interaction/")) {
    const person = searchParams.get("as");
    return person ? signIn(request, response, person) : offer(response);
  }
  if (request.method === "PUT" && pathname.startsWith("/people/")) return claim(request, response, pathname.slice(8));
  return answer(request, response);
}).listen(Number(port), "127.0.0.1");
