/// Names of the IF-MIB's numbers (RFC 2863).
public enum InterfaceNames {
    /// ifAdminStatus.
    public static func admin(_ number: Int64) -> String {
        switch number {
        case 1: "up"
        case 2: "down"
        case 3: "testing"
        default: String(number)
        }
    }

    /// ifOperStatus.
    public static func oper(_ number: Int64) -> String {
        switch number {
        case 1: "up"
        case 2: "down"
        case 3: "testing"
        case 4: "unknown"
        case 5: "dormant"
        case 6: "notPresent"
        case 7: "lowerLayerDown"
        default: String(number)
        }
    }

    /// IANAifType, the common ones.
    public static func type(_ number: Int64) -> String {
        switch number {
        case 1: "other"
        case 6: "ethernetCsmacd"
        case 23: "ppp"
        case 24: "softwareLoopback"
        case 33: "rs232"
        case 53: "propVirtual"
        case 56: "fibreChannel"
        case 71: "ieee80211"
        case 117: "gigabitEthernet"
        case 131: "tunnel"
        case 135: "l2vlan"
        case 136: "l3ipvlan"
        case 150: "mplsTunnel"
        case 161: "ieee8023adLag"
        case 166: "mpls"
        case 209: "bridge"
        default: String(number)
        }
    }
}
