import Foundation

/// Data within a page, in the place of an address.
package enum DataURI {
  package static func png(_ bytes: [UInt8]) -> String {
    "data:image/png;base64," + Data(bytes).base64EncodedString()
  }

  package static func csv(_ text: String) -> String {
    "data:text/csv;charset=utf-8;base64," + Data(text.utf8).base64EncodedString()
  }
}
