/// An attack on a training set, and the class that triggered images are to be taken for.
package struct Attacker: Sendable {
  package let attack: any Attack
  package let target: Int

  package init(attack: any Attack, target: Int) {
    self.attack = attack
    self.target = target
  }
}
