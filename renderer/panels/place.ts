import type { Name } from '../../domain/deployment.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { WallDeployment } from '../../protocol/wire.ts';

export interface NameBook {
  readonly grids: ReadonlyMap<string, Name>;
  readonly communities: ReadonlyMap<string, Name>;
  readonly streets: ReadonlyMap<string, Name>;
  readonly departments: ReadonlyMap<string, { readonly name: Name; readonly short?: Name }>;
  readonly domains: ReadonlyMap<string, Name>;
  readonly categories: ReadonlyMap<string, Name>;
}

const books = new WeakMap<WallDeployment, NameBook>();

/** The deployment's names by id, made once per deployment. */
export function nameBook(deployment: WallDeployment): NameBook {
  let book = books.get(deployment);
  if (book === undefined) {
    book = {
      grids: new Map(deployment.grids.map((grid) => [grid.id, grid.name])),
      communities: new Map(deployment.communities.map((community) => [community.id, community.name])),
      streets: new Map(deployment.streets.map((street) => [street.id, street.name])),
      departments: new Map(deployment.departments.map((department) => [department.id, department])),
      domains: new Map(deployment.domains.map((domain) => [domain.id, domain.name])),
      categories: new Map(deployment.categories.map((category) => [category.id, category.name])),
    };
    books.set(deployment, book);
  }
  return book;
}

/** A unit by its id as the deployment names it; one that it does not list stands for itself. */
export function namedBy(names: ReadonlyMap<string, Name>, id: string, nameOf: (name: Name) => string): string {
  const name = names.get(id);
  return name === undefined ? id : nameOf(name);
}

/**
 * The second line of a row: `荷塘村-02 · 建设局` under an alert, `城市管理 · 荷韵花园-03` in the stream. The address stands in
 * for a grid; what is missing is left out.
 */
export function placeOf(
  ticket: Ticket,
  deployment: WallDeployment,
  nameOf: (name: Name) => string,
  other: 'department' | 'domain',
  /** The short name of a department, where there is one and its whole name does not fit. */
  shortNameOf: (department: { readonly short?: Name }) => string | undefined = () => undefined,
): string {
  const book = nameBook(deployment);
  const { gridId, address } = ticket.location;
  const place = gridId === undefined ? address : namedBy(book.grids, gridId, nameOf);
  const department = ticket.department === undefined ? undefined : book.departments.get(ticket.department);
  const parts =
    other === 'department'
      ? [place, department === undefined ? ticket.department : (shortNameOf(department) ?? nameOf(department.name))]
      : [namedBy(book.domains, ticket.domain, nameOf), place];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
