/// The program's version: kept with every artifact, and asked of every checkpoint.
package let programVersion = "0.1.0"
