package dev.lair.registry.log;

/** A permission of one of the two kinds of log. */
public sealed interface Permission permits PackagePermission, OperatorPermission {

    /** The name that rejections print. */
    String label();

    /** The protobuf enum number; 0 stands for "unspecified" and is never a permission. */
    int wireNumber();
}
