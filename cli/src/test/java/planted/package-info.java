/** Classes that break the rules of the house, each named after what it breaks; only {@code ArchitectureTest} reads them. */
package planted;
